#include "checker/session_chains.h"

#include <algorithm>
#include <map>

namespace minos::checker {

using history::History;
using history::OpIndex;
using history::ValueId;

SessionChains BuildSessionChains(const History& history,
                                 std::span<const OpIndex> operations,
                                 const SessionChoice& sessions) {
  std::vector<std::vector<OpIndex>> chains;
  std::map<ValueId, std::vector<uint32_t>> of_session;
  for (const OpIndex op : operations) {
    const ValueId session =
        sessions.sessions.empty() ? history.session(op) : sessions.sessions[op];
    std::vector<uint32_t>& own = of_session[session];
    const auto free = std::find_if(own.begin(), own.end(), [&](uint32_t chain) {
      return history.return_position(chains[chain].back()) < history.call(op);
    });
    uint32_t chain = static_cast<uint32_t>(chains.size());
    if (free != own.end()) {
      chain = *free;
    } else {
      own.push_back(chain);
      chains.emplace_back();
    }
    chains[chain].push_back(op);
  }
  SessionChains result;
  result.chain_begin.push_back(0);
  for (const std::vector<OpIndex>& chain : chains) {
    result.operations.insert(result.operations.end(), chain.begin(),
                             chain.end());
    result.chain_begin.push_back(
        static_cast<uint32_t>(result.operations.size()));
  }
  for (const auto& [session, own] : of_session) {
    for (const uint32_t to : own) {
      for (const uint32_t from : own) {
        if (from == to) continue;
        uint32_t passed = result.chain_begin[from];
        for (uint32_t node = result.chain_begin[to];
             node < result.chain_begin[to + 1]; ++node) {
          const uint32_t before = passed;
          while (passed < result.chain_begin[from + 1] &&
                 history.return_position(result.operations[passed]) <
                     history.call(result.operations[node])) {
            ++passed;
          }
          if (passed != before) result.crossings.emplace_back(passed - 1, node);
        }
      }
    }
  }
  return result;
}

}  // namespace minos::checker
