"""Queue Exports: write a copy of everything that an account owns."""

from pillarbox import exports, workers

handler = workers.each_message(exports.make)
