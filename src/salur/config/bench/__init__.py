"""The measurements behind `salur bench`: a home of their own, a population, measures, and the peers' figures."""
