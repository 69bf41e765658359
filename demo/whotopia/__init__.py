"""Whotopia: an invented country, made as an epidemiologist and a logistician would accept it."""
