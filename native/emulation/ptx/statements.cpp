#include "ptx/statements.h"

#include <fstream>
#include <iterator>

#include "device.h"

namespace morula::emulation::ptx {
namespace {

bool starts_with(const std::string& text, const char* what) { return text.rfind(what, 0) == 0; }

// Directives that end with their line.
bool is_line(const std::string& text) {
    for (const char* directive : {".version", ".target", ".address_size", ".file", ".loc"}) {
        if (starts_with(text, directive)) return true;
    }
    return false;
}

std::string without_comments(const std::string& text) {
    std::string result;
    for (size_t i = 0; i < text.size(); i++) {
        if (text.compare(i, 2, "//") == 0) i = std::min(text.find('\n', i), text.size() - 1);
        result += text[i];
    }
    return result;
}

class Splitter {
  public:
    std::vector<Statement> split(const std::string& text) {
        for (size_t i = 0; i < text.size(); i++) add(text, i);
        return std::move(statements_);
    }

  private:
    void add(const std::string& text, size_t i) {
        const char c = text[i];
        if (c == '\n') line_++;
        const bool top = depth_ == 0;
        if (c == '\n' && is_line(trimmed(current_))) {
            current_.clear();
        } else if (top && c == ';') {
            end(Statement::plain);
        } else if (c == '{' && top && opens()) {
            end(Statement::opens);
        } else if (c == '}' && top) {
            end(Statement::closes);
        } else if (c == ':' && top && is_label(text, i)) {
            end(Statement::label);
        } else {
            if (current_.empty()) first_line_ = line_;
            if (c == '{') depth_++;
            if (c == '}') depth_--;
            if (!current_.empty() || !isspace(static_cast<unsigned char>(c))) current_ += c;
        }
    }

    bool opens() const {
        return current_.empty() || current_.find(".entry") != std::string::npos ||
               current_.find(".func") != std::string::npos;
    }

    bool is_label(const std::string& text, size_t i) const {
        return current_.find_first_of(" \t\n.@") == std::string::npos && !current_.empty() && text[i + 1] != ':';
    }

    void end(Statement::Kind kind) {
        if (kind != Statement::plain || !current_.empty())
            statements_.push_back({kind, trimmed(current_), first_line_});
        current_.clear();
    }

    std::vector<Statement> statements_;
    std::string current_;
    int depth_ = 0;  // of braces inside of a statement
    int line_ = 1, first_line_ = 1;
};

}  // namespace

std::string trimmed(const std::string& text) {
    const char* const space = " \t\n\r";
    const size_t begin = text.find_first_not_of(space);
    return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

std::vector<std::string> parts_of(const std::string& text) {
    std::vector<std::string> parts;
    std::string part;
    int depth = 0;
    for (const char c : text) {
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        if (c == ',' && depth == 0) {
            parts.push_back(trimmed(part));
            part.clear();
        } else {
            part += c;
        }
    }
    if (!trimmed(part).empty()) parts.push_back(trimmed(part));
    return parts;
}

std::vector<Statement> statements_of(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw Error("the PTX file " + path + " cannot be read");
    return Splitter().split(without_comments({std::istreambuf_iterator<char>(file), {}}));
}

}  // namespace morula::emulation::ptx
