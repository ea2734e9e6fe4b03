"""Where to kraftsamla: a ranking that says what it rests on and how sure it is.

scoring   indicators -> one score: normalised, weighted, added up
parts     what each indicator contributes, weights of themes, what is counted twice
draws     many draws over what is uncertain
ranking   ranks, their certainty and verdict; what moves them; who cannot be told apart
"""

from geo.priority.parts import contributions as contributions
from geo.priority.parts import double_counted as double_counted
from geo.priority.parts import theme_weights as theme_weights
from geo.priority.parts import without_each as without_each
from geo.priority.ranking import alike as alike
from geo.priority.ranking import drivers as drivers
from geo.priority.ranking import one_need as one_need
from geo.priority.ranking import rank as rank
from geo.priority.ranking import setup_of as setup_of
from geo.priority.scoring import normalise as normalise
from geo.priority.scoring import score as score
