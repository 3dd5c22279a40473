// Cuts the load of a run into episodes.
//
// What a bug needs is over in a few operations, so that a run of hundreds has
// room for many attempts. An *episode* is a few operations with one plot: what
// goes wrong, how fast the clients are and at which nodes they are fit
// together. A fail-over takes long, and shows if few operations come while it
// lasts; late messages show if many come before they arrive. The plots take
// turns, so that a run has a little of each; ambushes.h makes their faults.
//
// The episodes of a run are of one of two kinds, after what it promises:
//
// - *Probes* find out whether what one client was told holds for him and for
//   others, whatever happens between two steps: one client writes and reads; or
//   he writes, another one overwrites that, a third one reads, and then he
//   does. Each mostly has a key of its own, which starts afresh and is read
//   when all has settled, so that nothing hides what it has done.
// - *Scrambles* are what sessions and copies of a key get confused by: some
//   clients at work on the same few keys, now here and now there.

#ifndef MINOS_GENERATORS_EPISODES_H_
#define MINOS_GENERATORS_EPISODES_H_

#include <cstdint>
#include <vector>

#include "generators/recipe.h"
#include "targets/random.h"

namespace minos::generators {

// What an episode is about.
enum class Plot : uint8_t {
  kFailOver,  // a node is gone for longer than the others put up with
  kCutShort,  // nodes fail for a moment, in the middle of an update
  kLate,      // messages of a link are late all the time
  kOutage,    // most nodes fail at once
  kClocks,    // clocks jump
  kStorm,     // many faults of all kinds
  kCalm,      // nothing goes wrong
};

// When an operation is issued if all goes well, and at which node.
struct Moment {
  Nanoseconds time = 0;
  NodeId node = 0;
  bool is_update = false;
};

struct Episode {
  Plot plot = Plot::kCalm;
  Nanoseconds begin = 0;
  Nanoseconds end = 0;
  std::vector<Moment> moments;  // ascending; never empty
};

struct EpisodeOptions {
  std::vector<Plot> plots;  // they take turns; not empty
  // Whether they are probes: not where nothing is read, or nothing updated, nor
  // where an operation belongs to the one before it, as with locks.
  bool probes = false;
  // What may be changed besides the times of the operations and, by probes,
  // their order: the keys of probes, and whom clients ask.
  bool moves_keys = true;
  bool moves_clients = false;
  // After which the store or its clients do something by themselves; not empty.
  std::vector<Nanoseconds> timeouts;
  // After which clients give up.
  Nanoseconds patience = 0;
};

// A time near one of `timeouts`: from a quarter of it to twice as long.
Nanoseconds NearTimeout(const std::vector<Nanoseconds>& timeouts,
                        targets::Random& random);

// Gives each operation of `recipe` a fixed time, and where that is allowed
// another key and node; probes may reorder those of a client. No operation is
// added, taken away, or becomes another one's. Deterministic in its arguments.
std::vector<Episode> CutIntoEpisodes(const EpisodeOptions& options,
                                     targets::Random random, Recipe& recipe);

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_EPISODES_H_
