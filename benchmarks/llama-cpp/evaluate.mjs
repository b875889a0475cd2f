// Times llama.cpp's prompt evaluation on the CPU over token ids that are given, in the arrangements that could be fastest for it.
//
//   node evaluate.mjs MODEL.gguf IDS.jsonl THREADS [--check N] [--rounds N] [--only NAME]...
//
// IDS.jsonl: a text a line, an object whose "ids" are its tokens. Only evaluation is timed: the model is loaded, the context made and one part evaluated before.
// Prints one JSON object: tokens, the seconds of each arrangement (the best of its rounds; none with --rounds 0), and with --check the most likely next token of the first N texts.
import {readFileSync} from "node:fs";
import {parseArgs} from "node:util";
import {getLlama, LlamaLogLevel} from "node-llama-cpp";

const {values, positionals} = parseArgs({allowPositionals: true, options: {check: {type: "string", default: "0"}, rounds: {type: "string", default: "1"}, only: {type: "string", multiple: true}}});
const [modelPath, idsPath, threadsText] = positionals;
const threads = Number(threadsText);
const texts = readFileSync(idsPath, "utf8").split("\n").filter((line) => line.trim() !== "").map((line) => JSON.parse(line).ids);
const all = texts.flat();
const longest = Math.max(...texts.map((ids) => ids.length));

const llama = await getLlama({gpu: false, build: "never", skipDownload: true, maxThreads: 0, logLevel: LlamaLogLevel.error});
const model = await llama.loadModel({modelPath, gpuLayers: 0});

function cut(length) {
    const parts = [];
    for (let at = 0; at < all.length; at += length)
        parts.push(all.slice(at, at + length));

    return parts;
}

// Each sequence takes the next text as soon as it is through with one; with a single sequence the texts run one after another. Every text begins at position 0.
async function evaluate(sequences, parts) {
    let next = 0;
    await Promise.all(sequences.map(async (sequence) => {
        while (next < parts.length) {
            const part = parts[next++];
            await sequence.clearHistory();
            await sequence.evaluateWithoutGeneratingNewTokens(part);
        }
    }));
}

// What could be fastest: texts joined and cut into contexts, each text alone, or many in a batch; the cache of keys and values is of F16 unless said.
const arrangements = [];
function add(caches, name, options, parts) {
    for (const [suffix, cache] of caches)
        arrangements.push({name: name + suffix, ...cache, ...options, parts});
}

const flash = [["", {flashAttention: true}]];
const both = [...flash, [", no flash attention", {flashAttention: false}]];
const every = [...both, [", no flash attention, F32 cache", {flashAttention: false, experimentalKvCacheKeyType: "F32", experimentalKvCacheValueType: "F32"}]];
for (const [length, caches] of [[64, flash], [128, every], [256, flash], [512, both], [2048, flash]])
    add(caches, `texts joined, cut at ${length}`, {batchSize: length, contextSize: length, sequences: 1}, cut(length));

add(both, "texts alone", {batchSize: 512, contextSize: Math.max(512, longest), sequences: 1}, texts);
add(flash, "8 texts side by side", {batchSize: 512, contextSize: Math.max(256, longest), sequences: 8}, texts);
add(both, "32 texts side by side", {batchSize: 512, contextSize: Math.max(256, longest), sequences: 32}, texts);

const results = [];
for (const arrangement of arrangements.filter(({name}) => Number(values.rounds) > 0 && (values.only?.includes(name) ?? true))) {
    const {name, parts, ...options} = arrangement;
    const context = await model.createContext({...options, threads});
    const sequences = Array.from({length: options.sequences}, () => context.getSequence());
    await evaluate(sequences, parts.slice(0, sequences.length));   // warms up
    let seconds = Infinity;
    let cpuSeconds = 0;
    for (let round = 0; round < Number(values.rounds); round++) {
        const start = process.hrtime.bigint();
        const cpu = process.cpuUsage();
        await evaluate(sequences, parts);
        const elapsed = Number(process.hrtime.bigint() - start) / 1e9;
        if (elapsed < seconds) {
            seconds = elapsed;
            cpuSeconds = process.cpuUsage(cpu).user / 1e6;
        }
    }

    results.push({name, seconds, cpuSeconds, tokensPerSecond: all.length / seconds});
    console.error(`${name}: ${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of processors`);
    await context.dispose();
}

// The tokens that it finds most likely after the first texts, to be compared with ours: it must have computed what it was timed on.
const likeliest = [];
if (Number(values.check) > 0) {
    const context = await model.createContext({contextSize: Math.max(512, longest), batchSize: 512, threads});
    const sequence = context.getSequence();
    for (const ids of texts.slice(0, Number(values.check))) {
        await sequence.clearHistory();
        const last = await sequence.controlledEvaluate([...ids.slice(0, -1), [ids.at(-1), {generateNext: {token: true, options: {temperature: 0}}}]]);
        likeliest.push(last.at(-1).next.token);
    }

    await context.dispose();
}

results.sort((a, b) => a.seconds - b.seconds);
console.log(JSON.stringify({tokens: all.length, texts: texts.length, threads, results, likeliest}));
await model.dispose();
await llama.dispose();
