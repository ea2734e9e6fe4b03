"""From the field: the form that a walk fills in, what the tools export, and the route walked.

xlsform       registers -> the form, for ODK Collect, KoboToolbox and QField
headers       what the columns of an export mean
coordinates   coordinates as the tools write them -> EPSG:3006
exports       an export -> findings and walks as text cells
checked       the same as checked rows, and the issues
gpx           the file of a recorder -> the route as a line
"""
