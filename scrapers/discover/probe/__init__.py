"""Which ways a site offers to its stories, and the seed that follows."""
