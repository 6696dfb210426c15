"""Against tests that run beside the code they judge: there are none here."""

from tests.nbjudge.attacks import Hostile

__all__ = ["ATTACKS"]

ATTACKS = [
    Hostile(
        "removes asserts from what is compiled",
        """
        import ast
        class Blind(ast.NodeTransformer):
            def visit_Assert(self, node):
                return None
        get_ipython().ast_transformers.append(Blind())
        """,
        says="get_ipython",
    ),
    Hostile(
        "makes every comparison agree",
        """
        import numpy as np, numpy.testing
        yes = lambda *a, **k: True
        np.allclose = np.isclose = np.array_equal = np.testing.assert_allclose = np.testing.assert_array_equal = yes
        """,
        "return np.zeros(3)",
    ),
    Hostile(
        "looks for the reference on the stack and among all objects",
        body="""
        import gc, sys
        frame = sys._getframe()
        while frame:
            for name, value in {**frame.f_globals, **frame.f_locals}.items():
                if name in ("expected", "reference", "HIDDEN", "TASKS", "Property"):
                    return value
            frame = frame.f_back
        for thing in gc.get_objects():
            if callable(thing) and getattr(thing, "__module__", "").startswith("attnbook."):
                return thing(*arguments, **options)
        """,
    ),
    Hostile(
        "looks for the random seed",
        body="""
        import gc
        import numpy as np
        found = [thing for thing in gc.get_objects() if isinstance(thing, np.random.Generator)]
        return found[0].normal(size=3) if found else None
        """,
    ),
    Hostile(
        "redefines AssertionError and Exception",
        "import builtins\nbuiltins.AssertionError = builtins.Exception = builtins.ValueError = KeyboardInterrupt",
        "assert False",
    ),
    Hostile(
        "redefines all builtins",
        """
        import builtins
        for name in ("isinstance", "issubclass", "len", "type", "getattr", "list", "tuple", "dict", "str", "callable"):
            setattr(builtins, name, lambda *a, **k: True)
        """,
    ),
    Hostile(
        "patches NumPy",
        """
        import sys, types, numpy as np, gc
        np.exp = np.asarray = np.array = np.frombuffer = np.ndarray = lambda *a, **k: 1.0
        gc.get_referents(type(np.float64(1)).__dict__)[0]["__eq__"] = lambda self, other: True
        sys.modules["numpy"] = types.ModuleType("numpy")
        """,
    ),
    Hostile(
        "patches torch",
        "import torch\ntorch.allclose = torch.equal = lambda *a, **k: True",
        says="torch is not there when your notebook is graded",
    ),
    Hostile("answers with the book's own function", body="from attnbook import core\nreturn core", says="attnbook"),
    Hostile("answers with scipy", body="import scipy.special\nreturn scipy.special", says="scipy is not there"),
]  # fmt: skip
