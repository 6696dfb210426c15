"""The teacher's side: assignments made, collected, graded in a sandbox and reported. Readers need none of it."""
