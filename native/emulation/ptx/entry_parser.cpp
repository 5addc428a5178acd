#include "ptx/entry_parser.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <sstream>

#include "ptx/opcode.h"

namespace morula::emulation::ptx {
namespace {

constexpr uint64_t untouched = 0xdeadbeefdeadbeef;

bool starts_with(const std::string& text, const char* what) { return text.rfind(what, 0) == 0; }

// Texts that instructions and shared arrays point to, for as long as the program runs.
const char* kept(const std::string& text) {
    char* const copy = new char[text.size() + 1];
    std::copy(text.c_str(), text.c_str() + text.size() + 1, copy);
    return copy;
}

std::string readable(const std::string& mangled) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> text(abi::__cxa_demangle(mangled.c_str(), nullptr, nullptr, &status),
                                                      std::free);
    return status == 0 ? text.get() : mangled;
}

const std::map<std::string, Special> special_names{{"%tid.x", Special::thread_x},
                                                   {"%tid.y", Special::thread_y},
                                                   {"%tid.z", Special::thread_z},
                                                   {"%ntid.x", Special::threads_x},
                                                   {"%ntid.y", Special::threads_y},
                                                   {"%ntid.z", Special::threads_z},
                                                   {"%ctaid.x", Special::block_x},
                                                   {"%ctaid.y", Special::block_y},
                                                   {"%ctaid.z", Special::block_z},
                                                   {"%nctaid.x", Special::blocks_x},
                                                   {"%nctaid.y", Special::blocks_y},
                                                   {"%nctaid.z", Special::blocks_z},
                                                   {"%laneid", Special::lane},
                                                   {"%warpid", Special::warp},
                                                   {"%lanemask_lt", Special::lanes_below},
                                                   {"%lanemask_le", Special::lanes_to_here},
                                                   {"%lanemask_gt", Special::lanes_above},
                                                   {"%lanemask_ge", Special::lanes_from_here},
                                                   {"WARP_SZ", Special::warp_size},
                                                   {"%dynamic_smem_size", Special::dynamic_shared_size}};

uint64_t literal(const std::string& text) {
    if (starts_with(text, "0f") || starts_with(text, "0F") || starts_with(text, "0d") || starts_with(text, "0D")) {
        return std::strtoull(text.c_str() + 2, nullptr, 16);
    }
    if (text[0] == '-') return static_cast<uint64_t>(std::strtoll(text.c_str(), nullptr, 0));
    return std::strtoull(text.c_str(), nullptr, 0);
}

using Finder = Handler (*)(Opcode*, Instruction*);

// Floats before integers, which share the names of operations: the finders take types, so that each gets an opcode of
// its own.
Handler find_handler(const std::string& text, Instruction* instruction) {
    for (const Finder find : {float_handler, integer_handler, bit_handler, comparison_handler, conversion_handler,
                              memory_handler, atomic_handler, control_handler, warp_handler, tensor_handler}) {
        Opcode opcode(text);
        Instruction candidate = *instruction;
        const Handler handler = find(&opcode, &candidate);
        if (handler == nullptr || !opcode.all_taken()) continue;
        *instruction = candidate;
        return handler;
    }
    return nullptr;
}

// ".maxntid 32, 8, 1", or less of it.
uint64_t threads_of(const std::string& header) {
    const size_t at = header.find(".maxntid");
    if (at == std::string::npos) return UINT64_MAX;
    uint64_t threads = 1;
    const char* text = header.c_str() + at + 8;
    for (char* end = nullptr;; text = end + 1) {
        threads *= std::strtoull(text, &end, 10);
        if (*end != ',') return threads;
    }
}

}  // namespace

Declaration declaration_of(const std::string& text) {
    std::string name = text.substr(text.find_last_of(" \t") + 1);
    size_t length = 1;
    if (const size_t bracket = name.find('['); bracket != std::string::npos) {
        length = std::strtoull(name.c_str() + bracket + 1, nullptr, 10);
        name = name.substr(0, bracket);
    }
    Type type = Type::none;
    std::stringstream words(text);
    for (std::string word; type == Type::none && words >> word;) type = Opcode("declaration" + word).take_type();
    const size_t size = static_cast<size_t>(size_of(type));
    const size_t align = text.find(".align");
    const size_t alignment = align == std::string::npos ? size : std::strtoull(text.c_str() + align + 6, nullptr, 10);
    return {name, length * size, alignment};
}

EntryParser::EntryParser(const std::string& header, const Names* names) : names_(names) {
    const size_t begin = header.find(".entry") + 6, open = header.find('(', begin);
    entry_.name = trimmed(header.substr(begin, open - begin));
    if (open != std::string::npos) add_parameters(header.substr(open + 1, header.find(')', open) - open - 1));
    entry_.most_threads = threads_of(header);
}

void EntryParser::add_parameters(const std::string& header) {
    int64_t end = 0;
    for (const std::string& text : parts_of(header)) {
        const Declaration parameter = declaration_of(text);
        const int64_t alignment = static_cast<int64_t>(parameter.alignment);
        end = (end + alignment - 1) / alignment * alignment;
        parameters_[parameter.name] = end;
        end += static_cast<int64_t>(parameter.bytes);
    }
}

void EntryParser::add(const Statement& statement) {
    line_ = statement.line;
    const std::string& text = statement.text;
    if (statement.kind == Statement::label) {
        labels_[text] = entry_.code.size();
    } else if (statement.kind != Statement::plain || starts_with(text, ".reg") || starts_with(text, ".pragma")) {
        return;
    } else if (starts_with(text, ".shared")) {
        const Declaration array = declaration_of(text);
        shared_[array.name] = array;
    } else if (starts_with(text, ".local")) {
        const Declaration array = declaration_of(text);
        entry_.local_bytes = (entry_.local_bytes + array.alignment - 1) / array.alignment * array.alignment;
        locals_[array.name] = static_cast<int64_t>(entry_.local_bytes);
        entry_.local_bytes += array.bytes;
    } else {
        add_instruction(statement);
    }
}

Entry EntryParser::finish() {
    Instruction end;
    end.handler = find_handler("ret", &end);
    entry_.code.push_back(end);
    for (const auto& [instruction, label] : branches_) {
        const auto found = labels_.find(label);
        if (found == labels_.end()) throw Error("a branch to " + label + ", which is nowhere");
        entry_.code[instruction].target = entry_.code.data() + found->second;
    }
    return std::move(entry_);
}

void EntryParser::add_instruction(const Statement& statement) {
    std::string text = statement.text;
    Instruction instruction;
    instruction.line = statement.line;
    instruction.text = kept("PTX line " + std::to_string(statement.line) + ", " + text);
    if (text[0] == '@') {
        const size_t end = text.find_first_of(" \t");
        instruction.unless = text[1] == '!';
        instruction.predicate =
            named_register(text.substr(instruction.unless ? 2 : 1, end - (instruction.unless ? 2 : 1)));
        text = trimmed(text.substr(end));
    }
    const size_t end = text.find_first_of(" \t");
    const std::string opcode = text.substr(0, end);
    const std::string operands = end == std::string::npos ? "" : trimmed(text.substr(end));
    addresses_ = 0;
    if (opcode == "bra" || opcode == "bra.uni") {
        branches_[entry_.code.size()] = operands;
    } else {
        const std::vector<std::string> parts = parts_of(operands);
        // For mov: whether the vector is the source.
        if (parts.size() == 2 && opcode.rfind("mov", 0) == 0) instruction.detail = parts[1][0] == '{';
        for (const std::string& part : parts) add_operand(part, &instruction);
    }
    instruction.handler = find_handler(opcode, &instruction);
    if (instruction.handler == nullptr) {
        throw Error("PTX line " + std::to_string(line_) + ": the emulation does not know " + text);
    }
    if (opcode == "bar.sync" && operands != "0") throw Error("only barrier 0 is emulated, not " + operands);
    entry_.code.push_back(instruction);
}

void EntryParser::add_operand(const std::string& text, Instruction* instruction) {
    if (text[0] == '{') {
        const std::vector<std::string> parts = parts_of(text.substr(1, text.size() - 2));
        instruction->elements = static_cast<uint8_t>(parts.size());
        for (const std::string& part : parts) add_operand(part, instruction);
    } else if (text[0] == '[') {
        add_address(text.substr(1, text.size() - 2), instruction);
    } else if (const size_t bar = text.find('|'); bar != std::string::npos) {
        add_register(value_register(text.substr(0, bar)), instruction);
        add_register(value_register(text.substr(bar + 1)), instruction);
    } else {
        add_register(value_register(text), instruction);
    }
}

void EntryParser::add_register(int which, Instruction* instruction) {
    if (instruction->operands == most_operands) throw Error("an instruction with too many operands");
    instruction->operand[instruction->operands++] = which;
}

void EntryParser::add_address(const std::string& text, Instruction* instruction) {
    const size_t plus = text.find('+');
    if (addresses_ == 2) throw Error("an instruction with three addresses");
    if (plus != std::string::npos) {
        instruction->offset[addresses_] = std::strtoll(text.c_str() + plus + 1, nullptr, 0);
    }
    addresses_++;
    add_register(value_register(trimmed(text.substr(0, plus))), instruction);
}

int EntryParser::named_register(const std::string& name) {
    const auto [found, added] = registers_.emplace(name, static_cast<int>(entry_.registers.size()));
    if (added) entry_.registers.push_back(untouched);
    return found->second;
}

int EntryParser::value_register(const std::string& text) {
    if (const auto found = special_names.find(text); found != special_names.end()) return special(found->second, 0);
    if (text[0] == '%' || text == "_") return named_register(text);
    if (isdigit(static_cast<unsigned char>(text[0])) || text[0] == '-') return constant(literal(text));
    if (const auto found = parameters_.find(text); found != parameters_.end()) {
        return special(Special::parameters, found->second);
    }
    if (const auto found = locals_.find(text); found != locals_.end()) return special(Special::local, found->second);
    if (const auto found = shared_.find(text); found != shared_.end()) return shared_address(found->second);
    if (const auto found = names_->shared.find(text); found != names_->shared.end())
        return shared_address(found->second);
    if (const auto found = names_->variables.find(text); found != names_->variables.end())
        return constant(found->second);
    throw Error("PTX line " + std::to_string(line_) + ": the emulation does not know the operand " + text);
}

int EntryParser::constant(uint64_t value) {
    const auto [found, added] = constants_.emplace(value, static_cast<int>(entry_.registers.size()));
    if (added) entry_.registers.push_back(value);
    return found->second;
}

int EntryParser::special(Special by, int64_t offset) {
    const int next = static_cast<int>(entry_.registers.size());
    const auto [found, added] = specials_.emplace(std::make_pair(by, offset), next);
    if (added) {
        entry_.registers.push_back(0);
        entry_.special.push_back({next, by, offset});
    }
    return found->second;
}

int EntryParser::shared_address(const Declaration& array) {
    const auto [found, added] = shared_numbers_.emplace(array.name, static_cast<int>(entry_.shared.size()));
    if (added) {  // without a length it is the dynamic one, which has slot 0
        const int slot = array.bytes == 0 ? 0 : new_shared_slot(array.bytes, kept(readable(array.name)));
        entry_.shared.push_back({slot, array.bytes});
    }
    return constant(static_cast<uint64_t>(found->second + 1) << array_bits);
}

}  // namespace morula::emulation::ptx
