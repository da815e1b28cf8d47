// Writes VS Code's log files in plain JavaScript. Without it the text of output channels would never appear.
const fs = require('node:fs');
const path = require('node:path');

class Logger {
  constructor(_name, file) {
    this.level = 2;
    this.plain = false;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    this.descriptor = fs.openSync(file, 'a');
  }
  write(level, label, message) {
    if (level < this.level || this.descriptor === undefined) return;
    fs.writeSync(this.descriptor, this.plain ? message : `${new Date().toISOString()} [${label}] ${message}\n`);
  }
  trace(message) {
    this.write(0, 'trace', message);
  }
  debug(message) {
    this.write(1, 'debug', message);
  }
  info(message) {
    this.write(2, 'info', message);
  }
  warn(message) {
    this.write(3, 'warning', message);
  }
  error(message) {
    this.write(4, 'error', message);
  }
  critical(message) {
    this.write(5, 'critical', message);
  }
  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  setPattern() {}
  clearFormatters() {
    this.plain = true;
  }
  flush() {}
  flushOn() {}
  drop() {
    if (this.descriptor !== undefined) fs.closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}

// Written as single assignments because VS Code imports this module as an ES module.
exports.version = 'stand-in';
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = async (name, file) => new Logger(name, file);
exports.createAsyncRotatingLogger = async (name, file) => new Logger(name, file);
