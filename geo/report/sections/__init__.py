"""The sections of a lägesbild: numbers, what is done, the ground and what it rests on."""
