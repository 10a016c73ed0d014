/*
 * What comes with the program: examples, and fonts where it brings its own.
 *
 * It is found from the program itself, wherever that was copied to: in ../share/queuescope beside
 * it (as `make install` and `make static` lay it out), or in the tree it was built in.
 */
#ifndef SHARE_H
#define SHARE_H

/* The path of a file or folder of it, "configs/checkout.yaml"; NULL: it is not there. Interned. */
const char *share_find(const char *name);

/* The example of that name ("checkout", "checkout.yaml", "configs/checkout.yaml"); NULL: none. */
const char *share_example(const char *name);

/* Where fonts come with the program, fontconfig is told of them, unless the environment has done
 * so. */
void share_fonts(void);

#endif
