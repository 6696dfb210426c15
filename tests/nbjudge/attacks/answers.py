"""Functions that answer with something else than what was asked for."""

from tests.nbjudge.attacks import TALE, Hostile

__all__ = ["ATTACKS"]

ATTACKS = [
    Hostile("an array that agrees with everything", body="""
        import numpy as np
        class Liar(np.ndarray):
            __eq__ = __le__ = __ge__ = lambda self, other: np.ones(self.shape, bool)
            __array__ = __array_ufunc__ = lambda self, *a, **k: True
            shape = property(lambda self: (3,))
        return np.zeros(3).view(Liar)
        """),
    Hostile("an object that calls itself an array", body="""
        import numpy as np
        class Liar:
            __class__ = property(lambda self: np.ndarray)
            __array__ = lambda self, *a, **k: np.zeros(3)
            __eq__ = lambda self, other: True
        return Liar()
        """, says="neither an array nor a number"),
    Hostile("an object with a command in its pickle", body=f"""
        class Bomb:
            def __reduce__(self):
                return print, ("{TALE}",)
        return Bomb()
        """, says="neither an array nor a number"),
    Hostile("a number that agrees with everything", body="""
        class Liar(float):
            __eq__ = __le__ = __ge__ = lambda self, other: True
            __sub__ = __rsub__ = lambda self, other: 0.0
        return Liar(0.5)
        """),
    Hostile("a text that agrees with everything", body="""
        class Liar(str):
            __eq__ = lambda self, other: True
            __hash__ = str.__hash__
            __str__ = lambda self: "kept"
        return Liar("x")
        """),
    Hostile("lists in lists", body="x = []\nfor _ in range(100_000):\n    x = [x]\nreturn x", says="deeper"),
    Hostile("a list that holds itself", body="x = []\nx.append(x)\nreturn x", says="deeper"),
    Hostile("a list that doubles", body="x = [0.0]\nfor _ in range(30):\n    x = [x, x]\nreturn x",
            says="far more values"),
    Hostile("a generator", body="yield 1.0", says="yield"),
    Hostile("an endless generator in a list subclass", body="""
        class Endless(list):
            def __iter__(self):
                while True:
                    yield 1.0
            __len__ = lambda self: 3
        return Endless()
        """),
    Hostile("an array of 8 GB made by strides", body="""
        import numpy as np
        return np.lib.stride_tricks.as_strided(np.zeros(1), (10**9,), (0,))
        """, says="far larger"),
    Hostile("an array that would fill the memory when squared", body="import numpy as np\nreturn np.zeros((1, 10**6))",
            says="far more numbers"),
    Hostile("nothing, in a million rows", body="import numpy as np\nreturn np.zeros((10**6, 0))",
            says="far more numbers"),
    Hostile("an array of objects", body="import numpy as np\nreturn np.array([{}, [], None], dtype=object)",
            says="Python objects"),
    Hostile("an array of dates", body="import numpy as np\nreturn np.zeros(3, 'datetime64[s]')",
            says="no exercise asks"),
    Hostile("complex numbers", body="import numpy as np\nreturn np.ones(3) * 1j", says="complex"),
    Hostile("not a number", body="import numpy as np\nreturn np.full(arguments[0].shape, np.nan)"),
    Hostile("infinite", body="return float('inf')"),
    Hostile("a number of a million digits", body="return 1 << 4_000_000", says="far larger"),
    Hostile("a text of 100 MB", body="return 'x' * 10**8", says="far more values"),
    Hostile("a torch tensor without torch", body="""
        class Tensor:
            pass
        Tensor.__module__ = "torch"
        return Tensor()
        """, says="torch tensor"),
    Hostile("spoils its arguments", body="""
        for x in arguments:
            x.resize((10**6,), refcheck=False)
        return arguments
        """),
    Hostile("answers with its arguments", body="return arguments[0]"),
    Hostile("remembers what it was asked", body="""
        import numpy as np
        global memory
        memory = globals().get("memory", [])
        memory.append(arguments)
        return memory[0][0]
        """),
    Hostile("is always the same, whatever is asked", body="import numpy as np\nreturn np.full(3, 1 / 3)"),
    Hostile("a class", source="class TASK:\n    def __init__(self, *a):\n        pass",
            says="neither an array nor a number"),
    Hostile("an object that can be called",
            source="class Called:\n    def __call__(self, *a):\n        return 0.5\nTASK = Called()"),
    Hostile("no function", source="TASK = 3", says="is the name of a value"),
    Hostile("async def", source="async def TASK(*a):\n    return 0.5", says="async"),
    Hostile("nothing but another language", source="TASK <- function(x) { return(x) }\nprint(TASK)",
            says="is missing"),
    Hostile("prose", source="Ich weiß es leider nicht; 申し訳ありません。", says="SyntaxError"),
    Hostile("spells out its arguments in a message", body="raise ValueError('BROKEN ' + 'OUT' + repr(arguments))",
            says="stopped with ValueError in line 2"),
    Hostile("spells out its arguments in a shape", body="""
        import numpy as np
        return np.zeros((0, *[int(1e7 * abs(x)) for x in np.ravel(arguments[0])[:2]]))
        """, says="far more numbers"),
    Hostile("spells out its arguments in axes without end", body="""
        import numpy as np
        return np.zeros([1 + (x > 0) for x in np.ravel(arguments[0])[:9]])
        """, says="your result has an enormous shape, but"),
    Hostile("spells out its arguments in a shape of many lengths", body="""
        import numpy as np
        return np.zeros((0, *[100 + int(99 * abs(x) % 28) for x in np.ravel(arguments[0])[:2]]))
        """, says="your result has shape (0, "),
    Hostile("spells out its arguments in a tuple", body="return (0.5,) * (100 + int(899 * abs(arguments[0].flat[0])))",
            says="your function returned a tuple of "),
    Hostile("spells out its arguments in a message of NumPy's", body="""
        import numpy as np
        told = [100 + int(899 * abs(x) % 899) for x in np.ravel(arguments[0])[:4]]
        raise ValueError("operands could not be broadcast together with shapes (%d,%d) (%d,%d) " % tuple(told))
        """, says="together with shapes (…,…) (…,…)"),
    Hostile("spells out its arguments in a name",
            body="raise type('BROKEN ' + 'OUT' + repr(arguments), (Exception,), {})",
            says="stopped with Exception"),
    Hostile("replaces what is printed to", "import sys\nsys.stdout = sys.stderr = None", spoils="none"),
    Hostile("hears everything", """
        import sys
        def deaf(event, details):
            if event in ("exec", "compile", "import", "open"):
                raise RuntimeError("no")
        sys.addaudithook(deaf)
        """, says="RuntimeError"),
    Hostile("traces everything", "import sys\nsys.settrace(lambda *a: 1 / 0)\nsys.setprofile(lambda *a: 1 / 0)"),
    Hostile("turns warnings into errors", "import warnings, numpy as np\nwarnings.simplefilter('error')",
            spoils="none"),
    Hostile("takes the worker's memory of modules", "import sys\nsys.modules.clear()\nsys.path.clear()"),
]  # fmt: skip
