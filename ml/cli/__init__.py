"""The command line: the same generators of events as the web workers run, with a progress bar."""
