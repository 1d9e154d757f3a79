/*
 * text.h: numbers as text without stdio, for where only async-signal-safe
 * calls are allowed.
 */
#ifndef CTN_TEXT_H
#define CTN_TEXT_H

#include <stddef.h>

/* Room for any unsigned long and its NUL. */
#define CTN_TEXT_NUMBER 24

/* Write number and a NUL at *at; returns how many digits. */
size_t	ctn_text_number(char *at, unsigned long number);

/* Append text to the string in buffer, cut to size - 1. */
void	ctn_text_append(char *buffer, size_t size, const char *text);

#endif
