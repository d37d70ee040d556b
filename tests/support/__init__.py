"""What tests share: local servers, sample records and feeds, the real program in a folder of its own."""
