/*
 * scene.h: one step of a group's life, in a process that plays the warden.
 */
#ifndef SCENE_H
#define SCENE_H

#include <sys/types.h>
#include <stddef.h>
#include <stdint.h>

#include "life.h"

/* Notes what it is asked for; its grace may be set. */
extern struct ctn_backend scene_backend;

/* What it answers when it is asked whether anybody is left. */
extern int scene_somebody_left;

/* What is told of a step that returns. */
struct after {
	enum ctn_life_state state;
	int has_deadline;
	int64_t left_ms;
	unsigned flags;
	int stopped_by;
	int command_lives;
	int signals[8];
	size_t signal_count;
	uint64_t leftovers;
};

struct outcome {
	int has_returned;		/* then "after" is filled in */
	struct after after;
	int status;			/* of the warden, at its end */
	struct ctn_message message;	/* its last; type 0: none */
};

/* How the warden's process is set up; 0 is right for most. */
struct scene {
	enum ctn_life_state state;
	int has_command;		/* a child that waits for a signal */
	int64_t linger_ms, grace_ms, kill_after_ms, timeout_ms;
	int64_t last_resort_ms;
	int signum;
	enum contain_stops stops;
	const char *argv0;		/* to be executed by RELEASED */
	void (*play)(struct ctn_life *life);
};

/* Play the scene in a process of its own. */
void	scene_play(const struct scene *scene, struct outcome *outcome);

/* In that process: another child that is as the command. */
pid_t	scene_fork_command(void);

#endif
