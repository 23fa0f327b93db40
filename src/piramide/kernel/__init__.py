"""Words that every room uses: errors, findings, periods, numbers, the organisation, the glossary."""
