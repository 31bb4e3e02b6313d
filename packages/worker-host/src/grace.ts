/** How long a worker whose arbiter died may finish what it has, in milliseconds. */
export const ORPHAN_GRACE_MS = 1200;

/** When such a worker leaves at the latest, whatever its application and hooks still do, in milliseconds. */
export const ORPHAN_LIMIT_MS = 1800;

/** How long requests may go on after an exception that nobody caught, in milliseconds. */
export const CRASH_GRACE_MS = 5000;

/** How long responses that say so may take, when the application can serve no more, in milliseconds. */
export const GIVE_UP_GRACE_MS = 300;
