"""From the cube to the values of indicators: windows of months, roll-up, formulas."""
