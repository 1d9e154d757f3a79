src/cli/report.c:244:		cli_json_string(json, "command", leftover->command);
src/cli/report.c:318:		    "itself", leftover->command[0] != '\0' ? ": " : "",
src/cli/report.c:319:		    leftover->command);
