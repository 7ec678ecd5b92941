@test "records are sorted as a plain stable sort has them" {
	spill-check sorts
}

@test "memory stays as given, however many records there are" {
	spill-check memory
}

@test "what fits in the memory is not written" {
	TMPDIR=/nonexistent spill-check fits
}

@test "no place for the scratch file" {
	run env TMPDIR=/nonexistent spill-check memory
	[ "$status" -eq 1 ]
	[ "$output" = "spill-check: scratch file in /nonexistent: No such file or \
directory" ]
}

@test "no room in the scratch file" {
	run bash -c "trap '' XFSZ; ulimit -f 1000
		TMPDIR=$BATS_TEST_TMPDIR spill-check memory"
	[ "$status" -eq 1 ]
	[ "$output" = \
		"spill-check: scratch file in $BATS_TEST_TMPDIR: File too large" ]
	[ -z "$(ls "$BATS_TEST_TMPDIR")" ]
}
