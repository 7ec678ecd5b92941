# The shortest texts of reals, against the C library.

@test "shortest texts" { shortest-check | grep -qx agree; }
