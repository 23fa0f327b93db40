"""What is coming, what it needs and who helps whom: plans made from figures at hand, each with its proof."""
