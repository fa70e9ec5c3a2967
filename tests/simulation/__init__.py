"""Sessions, a model server and a hostile wire in virtual time: what must hold, holds in every schedule."""
