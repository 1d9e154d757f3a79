/* text.c: numbers as text without stdio */
#include "config.h"

#include <string.h>

#include "text.h"

size_t
ctn_text_number(char *at, unsigned long number)
{
	char digits[CTN_TEXT_NUMBER];
	size_t count = 0, i;

	do {
		digits[count++] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	for (i = 0; i < count; i++)
		at[i] = digits[count - 1 - i];
	at[count] = '\0';
	return count;
}

void
ctn_text_append(char *buffer, size_t size, const char *text)
{
	size_t used = strlen(buffer), length = strlen(text);

	if (used + 1 >= size)
		return;
	if (length > size - 1 - used)
		length = size - 1 - used;
	memcpy(buffer + used, text, length);
	buffer[used + length] = '\0';
}
