// telegram-test-api on a free port of 127.0.0.1, which is printed; it ends with standard input.
// Three of its answers are none of Telegram's, and python-telegram-bot cannot read them: to sendMessage it gives back
// the request as it came, with a date in milliseconds; getMe lacks is_bot, a tap its chat_instance. Set right here.
'use strict';

const http = require('http');
const { TelegramServer } = require('telegram-test-api/lib/telegramServer');

class Server extends TelegramServer {
  addBotMessage(message, token) {
    const kept = super.addBotMessage(message, token);
    return { message_id: kept.message_id, date: Math.floor(kept.date / 1000), chat: kept.chat, text: kept.text };
  }
}

const formatted = TelegramServer.formatUpdate;
TelegramServer.formatUpdate = (update) => {
  const given = formatted(update);
  return given.callback_query
    ? { ...given, callback_query: { ...given.callback_query, chat_instance: '1' } } : given;
};

const me = { ok: true, result: { id: 666, is_bot: true, first_name: 'Test', username: 'TestNameBot' } };
const server = new Server({ host: '127.0.0.1' });
const door = http.createServer((request, response) => {
  if (request.url.endsWith('/getMe')) {
    request.resume();
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(me));
  } else {
    server.webServer(request, response);
  }
});
door.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${door.address().port}\n`));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
