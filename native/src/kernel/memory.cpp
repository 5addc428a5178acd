// Bulk memory: anonymous, mapped from a file, or backed by an unlinked scratch file.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "kernel/context.h"

namespace {

using morula::fail;

class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return fd_; }

  private:
    const int fd_;
};

// A file without a name in the folder; -1 and errno if there cannot be one. Not every file system knows O_TMPFILE.
int open_unlinked(const char* folder) {
    const int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR)) return file;
    std::string name = std::string(folder) + "/morula-XXXXXX";
    const int named = mkostemp(name.data(), O_CLOEXEC);
    if (named >= 0) unlink(name.c_str());
    return named;
}

// Reserves the file's disk space, or says in errno why not. What is hopeless is not begun: where a file system cannot
// reserve space, posix_fallocate writes zeros until the disk is full.
bool reserve(int file, int64_t bytes) {
    struct statvfs disk;
    if (fstatvfs(file, &disk) == 0 && static_cast<uint64_t>(bytes) / disk.f_frsize > disk.f_bavail) {
        errno = ENOSPC;
        return false;
    }
    do {
        errno = posix_fallocate(file, 0, bytes);
    } while (errno == EINTR);
    return errno == 0;
}

}  // namespace

extern "C" {

int morula_alloc(void** memory, int64_t bytes) {
    *memory = nullptr;
    if (bytes <= 0) return fail(MORULA_INVALID_ARGUMENT, "cannot allocate %lld bytes", static_cast<long long>(bytes));
    void* p = mmap(nullptr, static_cast<size_t>(bytes), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) {
        return fail(MORULA_OUT_OF_MEMORY, "cannot allocate %lld bytes: %s", static_cast<long long>(bytes),
                    std::strerror(errno));
    }
    madvise(p, static_cast<size_t>(bytes),
            MADV_HUGEPAGE);  // first touch is half as dear with huge pages; refusal is no harm
    *memory = p;
    return MORULA_OK;
}

int morula_map(void** memory, void** base, int64_t* base_bytes, const char* path, int64_t offset, int64_t bytes) {
    *memory = *base = nullptr;
    *base_bytes = 0;
    if (offset < 0 || bytes <= 0) {
        return fail(MORULA_INVALID_ARGUMENT, "%s: cannot map %lld bytes at offset %lld", path,
                    static_cast<long long>(bytes), static_cast<long long>(offset));
    }
    const Descriptor file(open(path, O_RDONLY | O_CLOEXEC));
    struct stat info;
    if (file.get() < 0 || fstat(file.get(), &info) != 0)
        return fail(MORULA_IO_ERROR, "%s: %s", path, std::strerror(errno));
    if (offset > info.st_size || bytes > info.st_size - offset) {
        return fail(MORULA_IO_ERROR, "%s: has %lld bytes, but bytes %lld to %lld are needed", path,
                    static_cast<long long>(info.st_size), static_cast<long long>(offset),
                    static_cast<long long>(offset + bytes));
    }
    const int64_t lead = offset % sysconf(_SC_PAGESIZE);
    void* p = mmap(nullptr, static_cast<size_t>(bytes + lead), PROT_READ, MAP_SHARED, file.get(), offset - lead);
    if (p == MAP_FAILED) return fail(MORULA_IO_ERROR, "%s: cannot be mapped: %s", path, std::strerror(errno));
    *base = p;
    *base_bytes = bytes + lead;
    *memory = static_cast<char*>(p) + lead;
    return MORULA_OK;
}

int morula_scratch(void** memory, const char* folder, int64_t bytes) {
    *memory = nullptr;
    if (bytes <= 0) return fail(MORULA_INVALID_ARGUMENT, "cannot allocate %lld bytes", static_cast<long long>(bytes));
    const Descriptor file(open_unlinked(folder));
    if (file.get() < 0) {
        return fail(MORULA_IO_ERROR, "%s: a scratch file cannot be made here: %s", folder, std::strerror(errno));
    }
    if (!reserve(file.get(), bytes)) {
        return fail(MORULA_OUT_OF_MEMORY, "%s: a scratch file of %lld bytes does not fit: %s", folder,
                    static_cast<long long>(bytes), std::strerror(errno));
    }
    void* p = mmap(nullptr, static_cast<size_t>(bytes), PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
    if (p == MAP_FAILED) {
        return fail(MORULA_IO_ERROR, "%s: a scratch file cannot be mapped: %s", folder, std::strerror(errno));
    }
    *memory = p;
    return MORULA_OK;
}

int morula_free(void* base, int64_t bytes) {
    if (munmap(base, static_cast<size_t>(bytes)) != 0) {
        return fail(MORULA_INVALID_ARGUMENT, "cannot free %lld bytes: %s", static_cast<long long>(bytes),
                    std::strerror(errno));
    }
    return MORULA_OK;
}

}  // extern "C"
