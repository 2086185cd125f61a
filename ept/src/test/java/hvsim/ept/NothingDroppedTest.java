package hvsim.ept; class NothingDroppedTest {}
