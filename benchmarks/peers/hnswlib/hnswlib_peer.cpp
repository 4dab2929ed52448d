// nmslib's hnswlib behind a line protocol, so that the bench can interleave it with other indexes.
//
//   hnswlib_peer VECTORS QUERIES M EF_CONSTRUCTION
//
// VECTORS and QUERIES: int32 rows, int32 dimension, rows x dimension float32, little endian; unit vectors.
// Commands come on stdin, one a line; each is answered by one line of JSON, {"error": "..."} when it failed:
//
//   build IDS THREADS              a new index of the rows that the file IDS lists (int32 each)
//   find K EF THREADS OUT          the K nearest rows of every query, nearest first, -1 for none, int32 each, to OUT
//   time K EF THREADS SECONDS      searches for so long; counts the queries
//   replace REMOVED ADDED THREADS  takes rows out, puts as many others in
//   bytes                          what the index holds in memory
//
// hnswlib 0.6 cannot remove. Its way to forget within a bounded memory is to mark an element deleted and to add the next
// vector under the same label, which moves the element and repairs its links (updatePoint). `replace` does that.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <memory>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "hnswlib/hnswlib.h"

namespace {

using Clock = std::chrono::steady_clock;
using Graph = hnswlib::HierarchicalNSW<float>;

double SecondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Vectors {
    int32_t rows = 0;
    int32_t dimension = 0;
    std::vector<float> values;

    explicit Vectors(const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        file.read(reinterpret_cast<char*>(&rows), sizeof rows);
        file.read(reinterpret_cast<char*>(&dimension), sizeof dimension);
        if (!file || rows < 0 || dimension <= 0) throw std::runtime_error(path + " is no file of vectors");
        values.resize(static_cast<size_t>(rows) * dimension);
        file.read(reinterpret_cast<char*>(values.data()), values.size() * sizeof(float));
        if (!file) throw std::runtime_error(path + " is too short");
    }

    const float* Row(int32_t row) const { return values.data() + static_cast<size_t>(row) * dimension; }
};

std::vector<int32_t> ReadIds(const std::string& path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::vector<int32_t> ids(static_cast<size_t>(file.tellg()) / sizeof(int32_t));
    file.seekg(0);
    file.read(reinterpret_cast<char*>(ids.data()), ids.size() * sizeof(int32_t));
    return ids;
}

// Calls work(i) for i in [from, to) on so many threads; the first exception ends it.
template <class Work>
void ParallelFor(size_t from, size_t to, int threads, Work work) {
    std::atomic<size_t> next{from};
    std::exception_ptr failure;
    std::mutex failure_lock;
    auto loop = [&] {
        try {
            for (size_t i; (i = next++) < to;) work(i);
        } catch (...) {
            std::lock_guard<std::mutex> guard(failure_lock);
            if (!failure) failure = std::current_exception();
            next = to;
        }
    };
    if (threads <= 1) {
        loop();
    } else {
        std::vector<std::thread> pool;
        for (int t = 0; t < threads; t++) pool.emplace_back(loop);
        for (auto& thread : pool) thread.join();
    }
    if (failure) std::rethrow_exception(failure);
}

class Peer {
public:
    Peer(const std::string& vectors, const std::string& queries, size_t m, size_t ef_construction)
        : vectors_(vectors), queries_(queries), space_(vectors_.dimension), m_(m), ef_construction_(ef_construction),
          label_of_(vectors_.rows, -1) {}

    std::string Build(const std::string& ids, int threads) {
        graph_.reset();
        row_of_ = ReadIds(ids);
        auto start = Clock::now();
        graph_ = std::make_unique<Graph>(&space_, row_of_.size(), m_, ef_construction_);
        // Only the first element may find no entry point.
        if (!row_of_.empty()) graph_->addPoint(vectors_.Row(row_of_[0]), 0);
        ParallelFor(1, row_of_.size(), threads, [&](size_t i) { graph_->addPoint(vectors_.Row(row_of_[i]), i); });
        double seconds = SecondsSince(start);
        for (size_t i = 0; i < row_of_.size(); i++) label_of_[row_of_[i]] = static_cast<int32_t>(i);
        return Answer({{"seconds", seconds}});
    }

    std::string Find(size_t k, size_t ef, int threads, const std::string& out) {
        graph_->setEf(ef);
        std::vector<int32_t> found(queries_.rows * k, -1);
        auto start = Clock::now();
        ParallelFor(0, queries_.rows, threads, [&](size_t query) {
            auto nearest = graph_->searchKnn(queries_.Row(static_cast<int32_t>(query)), k);
            // The farthest is on top.
            for (size_t place = nearest.size(); place-- > 0; nearest.pop())
                found[query * k + place] = row_of_[nearest.top().second];
        });
        double seconds = SecondsSince(start);
        std::ofstream file(out, std::ios::binary);
        file.write(reinterpret_cast<const char*>(found.data()), found.size() * sizeof(int32_t));
        if (!file.flush()) throw std::runtime_error("cannot write " + out);
        return Answer({{"seconds", seconds}});
    }

    std::string Time(size_t k, size_t ef, int threads, double limit) {
        graph_->setEf(ef);
        std::atomic<size_t> total{0};
        auto start = Clock::now();
        ParallelFor(0, threads, threads, [&](size_t thread) {
            size_t count = 0;
            for (size_t query = thread * queries_.rows / threads; SecondsSince(start) < limit; count++, query++)
                graph_->searchKnn(queries_.Row(static_cast<int32_t>(query % queries_.rows)), k);
            total += count;
        });
        return Answer({{"seconds", SecondsSince(start)}, {"queries", static_cast<double>(total)}});
    }

    std::string Replace(const std::string& removed_ids, const std::string& added_ids, int threads) {
        std::vector<int32_t> removed = ReadIds(removed_ids), added = ReadIds(added_ids);
        if (removed.size() != added.size()) throw std::runtime_error("as many must come as go");
        std::mutex unmarking;
        auto start = Clock::now();
        for (int32_t row : removed) graph_->markDelete(label_of_[row]);
        ParallelFor(0, added.size(), threads, [&](size_t i) {
            int32_t label = label_of_[removed[i]];
            {
                // addPoint would unmark too, but counts the deleted without a lock; a wrong count slows searches.
                std::lock_guard<std::mutex> guard(unmarking);
                graph_->unmarkDelete(label);
            }
            graph_->addPoint(vectors_.Row(added[i]), label);
        });
        double seconds = SecondsSince(start);
        for (size_t i = 0; i < added.size(); i++) {
            int32_t label = label_of_[removed[i]];
            label_of_[removed[i]] = -1;
            label_of_[added[i]] = label;
            row_of_[label] = added[i];
        }
        return Answer({{"seconds", seconds}});
    }

    std::string Bytes() const {
        double count = row_of_.size(), upper = 0;
        for (size_t i = 0; i < row_of_.size(); i++) upper += graph_->element_levels_[i] * graph_->size_links_per_element_;
        double vector_and_links = count * (graph_->data_size_ + graph_->size_links_level0_ + sizeof(char*)) + upper;
        // A node of the label map is allocated by itself: next, label and id, and the allocator's own word.
        double label_map = count * 4 * sizeof(void*) + graph_->label_lookup_.bucket_count() * sizeof(void*);
        double locks = (graph_->link_list_locks_.size() + graph_->link_list_update_locks_.size()) * sizeof(std::mutex);
        double others = count * (sizeof(hnswlib::labeltype) + sizeof(int));
        return Answer({{"vectorAndLinks", vector_and_links}, {"all", vector_and_links + label_map + locks + others}});
    }

private:
    static std::string Answer(std::initializer_list<std::pair<const char*, double>> figures) {
        std::ostringstream line;
        line.precision(12);
        for (auto& [name, value] : figures) line << (line.tellp() == 0 ? "{" : ",") << '"' << name << "\":" << value;
        line << '}';
        return line.str();
    }

    Vectors vectors_;
    Vectors queries_;
    hnswlib::InnerProductSpace space_;
    size_t m_;
    size_t ef_construction_;
    std::unique_ptr<Graph> graph_;
    std::vector<int32_t> row_of_;    // by label
    std::vector<int32_t> label_of_;  // by row, -1 when it is not in the index
};

std::string Run(Peer& peer, const std::string& line) {
    std::istringstream words(line);
    std::string command, first, second;
    size_t k, ef;
    int threads;
    double seconds;
    words >> command;
    if (command == "build" && words >> first >> threads) return peer.Build(first, threads);
    if (command == "find" && words >> k >> ef >> threads >> first) return peer.Find(k, ef, threads, first);
    if (command == "time" && words >> k >> ef >> threads >> seconds) return peer.Time(k, ef, threads, seconds);
    if (command == "replace" && words >> first >> second >> threads) return peer.Replace(first, second, threads);
    if (command == "bytes") return peer.Bytes();
    throw std::runtime_error("what is " + line);
}

std::string Error(const std::exception& failure) {
    std::string text = failure.what();
    for (char& c : text)
        if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < ' ') c = '\'';
    return "{\"error\":\"" + text + "\"}";
}

}  // namespace

int main(int argc, char** argv) {
    try {
        if (argc != 5) throw std::runtime_error("usage: hnswlib_peer VECTORS QUERIES M EF_CONSTRUCTION");
        Peer peer(argv[1], argv[2], std::stoul(argv[3]), std::stoul(argv[4]));
        for (std::string line; std::getline(std::cin, line);) {
            try {
                std::cout << Run(peer, line) << std::endl;
            } catch (const std::exception& failure) {
                std::cout << Error(failure) << std::endl;
            }
        }
        return 0;
    } catch (const std::exception& failure) {
        std::cerr << failure.what() << std::endl;
        return 1;
    }
}
