"""Pure functions of frames: sums, comparisons and indicators. No input, no output, nothing of ours."""
