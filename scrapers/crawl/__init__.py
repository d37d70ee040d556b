"""One visit: the pipe that joins the steps."""
