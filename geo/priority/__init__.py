"""Where to kraftsamla: a ranking that says what it rests on and how sure it is.

scoring   indicators -> one score: normalised, weighted, added up
parts     what each indicator contributes, weights of themes, what is counted twice
draws     many draws over what is uncertain
ranking   ranks, their certainty and verdict; what moves them; who cannot be told apart
ground    who shares ground with whom: one need, or places that are not independent
"""

from geo.priority.ground import one_need as one_need
from geo.priority.ground import shared_ground as shared_ground
from geo.priority.parts import contributions as contributions
from geo.priority.parts import double_counted as double_counted
from geo.priority.parts import per_cent as per_cent
from geo.priority.parts import theme_weights as theme_weights
from geo.priority.parts import without_each as without_each
from geo.priority.ranking import FACTOR as FACTOR
from geo.priority.ranking import alike as alike
from geo.priority.ranking import drivers as drivers
from geo.priority.ranking import rank as rank
from geo.priority.ranking import setup_of as setup_of
from geo.priority.ranking import usual_top as usual_top
from geo.priority.ranking import written as written
from geo.priority.scoring import normalise as normalise
from geo.priority.scoring import score as score
