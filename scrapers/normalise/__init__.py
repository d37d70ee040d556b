"""Draft → Record."""
