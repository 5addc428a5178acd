#include "ptx/module.h"

#include <cstdlib>
#include <cstring>
#include <optional>

#include "checker.h"
#include "ptx/entry_parser.h"

namespace morula::emulation::ptx {
namespace {

bool contains(const std::string& text, const char* what) { return text.find(what) != std::string::npos; }

// ".const .align 4 .b8 name[8] = {1, 2, ...}", in the host's memory for as long as the program runs.
void add_variable(const std::string& text, Names* names) {
    const size_t equals = text.find('=');
    const Declaration variable = declaration_of(trimmed(text.substr(0, equals)));
    char* const memory = static_cast<char*>(std::calloc(variable.bytes + 16, 1));
    if (equals != std::string::npos) {
        const size_t open = text.find('{', equals);
        if (open == std::string::npos) throw Error("a variable with a value that is no list: " + text);
        const std::vector<std::string> values = parts_of(text.substr(open + 1, text.rfind('}') - open - 1));
        const size_t size = contains(text, ".b8") ? 1 : variable.bytes / std::max<size_t>(values.size(), 1);
        for (size_t i = 0; i < values.size(); i++) {
            const uint64_t value = std::strtoull(values[i].c_str(), nullptr, 0);
            std::memcpy(memory + i * size, &value, size);
        }
    }
    checker::add(memory, variable.bytes, "a variable of the module", checker::Space::global);
    checker::written(memory, variable.bytes);
    names->variables[variable.name] = reinterpret_cast<uint64_t>(memory);
}

void add_declaration(const std::string& text, Names* names) {
    if (contains(text, ".shared")) {
        const Declaration array = declaration_of(text);
        names->shared[array.name] = array;
    } else if (contains(text, ".global") || contains(text, ".const")) {
        add_variable(text, names);
    } else if (!contains(text, ".func")) {
        throw Error("the emulation does not know " + text);
    }
}

class ModuleParser {
  public:
    explicit ModuleParser(Module* module) : module_(module) {}

    void add(const Statement& statement) {
        if (depth_ == 0 && statement.kind == Statement::plain) add_declaration(statement.text, &names_);
        if (depth_ == 0 && statement.kind == Statement::opens && contains(statement.text, ".entry")) begin(statement);
        depth_ += (statement.kind == Statement::opens) - (statement.kind == Statement::closes);
        if (!entry_) return;
        try {
            entry_->add(statement);
            if (depth_ == 0) end(entry_->finish());
        } catch (const Error& error) {
            Entry failed;
            failed.name = name_;
            failed.error = error.what();
            end(std::move(failed));
        }
    }

  private:
    void begin(const Statement& statement) {
        const size_t start = statement.text.find(".entry") + 6;
        name_ = trimmed(statement.text.substr(start, statement.text.find('(') - start));
        entry_.emplace(statement.text, &names_);
    }

    void end(Entry entry) {
        (*module_)[name_] = std::move(entry);
        entry_.reset();
    }

    Module* const module_;
    Names names_;
    std::optional<EntryParser> entry_;
    std::string name_;
    int depth_ = 0;
};

}  // namespace

void parse(const std::string& path, Module* module) {
    ModuleParser parser(module);
    for (const Statement& statement : statements_of(path)) parser.add(statement);
}

}  // namespace morula::emulation::ptx
