load common.bash

@test "threads hand out what they make in its order" {
	team-check orders
}

@test "a team ends before its work is done" {
	team-check stops
}

@test "of several threads that fail one speaks" {
	for _ in {1..20}; do
		run team-check fails
		[ "$status" -eq 1 ]
		[ "$output" = "team-check: piece 1000 is bad" ]
	done
}
