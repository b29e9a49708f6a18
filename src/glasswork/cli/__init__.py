"""The command line: `glasswork train`, `glasswork predict` and `glasswork datasets`."""
