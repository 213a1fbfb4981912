"""Profile: the ICP as data, drafted from evidence, validated, versioned, reviewed."""
