"""The stage: rounds, who stands where, what the master of ceremonies says, and the record of what was done."""
