// One function a format. Each reads all of `text` and hands what it finds, and
// what is wrong with it, to `events`. If the source of `text` fails, each
// returns early: the caller looks at text.status() first, since what was
// reported last may be owed to that.

#ifndef MINOS_HISTORY_FORMAT_READERS_H_
#define MINOS_HISTORY_FORMAT_READERS_H_

#include "history/event_assembler.h"
#include "history/text_cursor.h"

namespace minos::history {

// Maps line by line, or in one vector or list, plain or tagged.
void ReadEdn(TextCursor& text, EventAssembler& events);
// One object a line.
void ReadJsonLines(TextCursor& text, EventAssembler& events);
// One array of objects.
void ReadJson(TextCursor& text, EventAssembler& events);
// `INFO  jepsen.util - 0 :invoke :read nil`, with tabs or blanks. Lines of
// other loggers are stepped over.
void ReadJepsenLog(TextCursor& text, EventAssembler& events);
// `0 :invoke :read nil`, and an error as the fifth column.
void ReadHistoryTxt(TextCursor& text, EventAssembler& events);

}  // namespace minos::history

#endif  // MINOS_HISTORY_FORMAT_READERS_H_
