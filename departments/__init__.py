"""The register of departments: who answers, under which names, and who took over from whom."""
