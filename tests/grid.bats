@test "pairs are counted by distance as a loop over all of them does" {
	grid-check
}

@test "the same without the vectors of newer machines" {
	grid-plain-check
}
