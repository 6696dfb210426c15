"""The tasks of all chapters, each chapter in a module of its slug, loaded when somebody asks for it."""

from nbjudge.judging.catalogue import Catalogue, UnknownTaskError

__all__ = ["CATALOGUE", "UnknownTaskError", "chapters", "names", "task", "tasks_of"]

CATALOGUE = Catalogue(__name__)
chapters, names, task, tasks_of = CATALOGUE.chapters, CATALOGUE.names, CATALOGUE.task, CATALOGUE.tasks_of
