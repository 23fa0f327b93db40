"""From values to scores: gap rules, scales, the tree, results, their explanation and simulation."""
