"""Households: who keeps books together, and what each of them may see.

A household, its members with their roles and grants, and the sign-up that makes a person and their
first household at once. What a new household's books begin with is opened by a port that the
entry point hands in: books stand above this package.
"""
