// Times Hugging Face's tokenizers (the Rust library) over the lines of a text, on one thread.
//
//   RAYON_NUM_THREADS=1 node tokenize.mjs tokenizer.json TEXT ROUNDS
//
// Prints one JSON object: the seconds of the fastest round, the number of tokens, and the sum of all ids times their places, to be compared with ours.
import {readFileSync} from "node:fs";
import {Tokenizer} from "tokenizers";

const [tokenizerPath, textPath, rounds] = process.argv.slice(2);
const tokenizer = Tokenizer.fromFile(tokenizerPath);
const lines = readFileSync(textPath, "utf8").split("\n");
await tokenizer.encodeBatch(lines.slice(0, 100));   // warms up

let seconds = Infinity;
let encodings = [];
for (let round = 0; round < Number(rounds); round++) {
    const start = process.hrtime.bigint();
    encodings = await tokenizer.encodeBatch(lines);
    seconds = Math.min(seconds, Number(process.hrtime.bigint() - start) / 1e9);
}

let tokens = 0;
let sum = 0;
for (const encoding of encodings) {
    for (const id of encoding.getIds())
        sum = (sum + id * (++tokens % 1009)) % 1000003;
}

console.log(JSON.stringify({seconds, tokens, sum}));
