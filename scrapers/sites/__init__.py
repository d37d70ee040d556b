"""One module for each site that plain data cannot describe: plain functions `discover` and `extract`."""
