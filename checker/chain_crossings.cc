#include "checker/chain_crossings.h"

#include <algorithm>
#include <map>
#include <utility>

namespace minos::checker {

using history::History;
using history::OpIndex;

namespace {

// Passes through both chains side by side.
void AddCrossings(const History& history, std::span<const OpIndex> operations,
                  std::span<const uint32_t> chain_begin, uint32_t from_chain,
                  uint32_t to_chain, std::vector<Crossing>& crossings) {
  uint32_t passed = chain_begin[from_chain];
  for (uint32_t to = chain_begin[to_chain]; to < chain_begin[to_chain + 1];
       ++to) {
    const uint32_t before = passed;
    while (passed < chain_begin[from_chain + 1] &&
           history.return_position(operations[passed]) <
               history.call(operations[to])) {
      ++passed;
    }
    if (passed != before) crossings.push_back({passed - 1, to});
  }
}

}  // namespace

std::vector<Crossing> FindCrossings(const History& history,
                                    std::span<const OpIndex> operations,
                                    std::span<const uint32_t> chain_begin,
                                    std::span<const uint32_t> chain_session) {
  std::map<uint32_t, std::vector<uint32_t>> chains_of;
  for (uint32_t chain = 0; chain < chain_session.size(); ++chain) {
    chains_of[chain_session[chain]].push_back(chain);
  }
  std::vector<Crossing> crossings;
  for (const auto& [session, chains] : chains_of) {
    for (const uint32_t to : chains) {
      for (const uint32_t from : chains) {
        if (from == to) continue;
        AddCrossings(history, operations, chain_begin, from, to, crossings);
      }
    }
  }
  std::sort(crossings.begin(), crossings.end(),
            [](const Crossing& a, const Crossing& b) {
              return std::pair(a.to, a.from) < std::pair(b.to, b.from);
            });
  return crossings;
}

}  // namespace minos::checker
