"""Sets what Whotopia generates beside what was measured on real reports: `python -m demo.report`."""
