/* trace.h - reference-trace container and lackey text decoding.
 * Binary record (".mtr"): one little-endian u64 per reference, no header:
 *   bits  0..47  virtual address of the first byte
 *   bits 48..60  size in bytes (1..8191)
 *   bit  61      zero
 *   bits 62..63  type: 0=I (fetch) 1=L (load) 2=S (store) 3=M (modify = load+store)
 */
#ifndef TRACE_H
#define TRACE_H
#include <stdint.h>
#include <stddef.h>
#define T_I 0u
#define T_L 1u
#define T_S 2u
#define T_M 3u
static inline uint64_t rec_pack(uint64_t a,unsigned sz,unsigned t){return (a&0xffffffffffffull)|(uint64_t)sz<<48|(uint64_t)t<<62;}
static inline uint64_t rec_addr(uint64_t r){return r&0xffffffffffffull;}
static inline unsigned rec_size(uint64_t r){return (unsigned)(r>>48)&0x1fff;}
static inline unsigned rec_type(uint64_t r){return (unsigned)(r>>62);}
#ifndef __cplusplus
/* Decodes whole lines of lackey text in [p,e) into out[]; returns the number of records.
 * *used gets the number of bytes consumed (up to and including the last '\n').
 * Lines that are not "I  a,s" / " L a,s" / " S a,s" / " M a,s" are skipped. */
static const int8_t hexv[256]={
 ['0']=1,['1']=2,['2']=3,['3']=4,['4']=5,['5']=6,['6']=7,['7']=8,['8']=9,['9']=10,
 ['a']=11,['b']=12,['c']=13,['d']=14,['e']=15,['f']=16,['A']=11,['B']=12,['C']=13,['D']=14,['E']=15,['F']=16};
static size_t lackey_decode(const char*p,const char*e,uint64_t*out,size_t max,size_t*used){
  const char*s=p;size_t n=0;
  while(e>s&&e[-1]!='\n')e--;
  while(p<e&&n<max){
    unsigned t;
    if(p[0]=='I'&&p[1]==' '&&p[2]==' ')t=T_I;
    else if(p[0]==' '&&p[2]==' '&&(p[1]=='L'||p[1]=='S'||p[1]=='M'))t=p[1]=='L'?T_L:p[1]=='S'?T_S:T_M;
    else{while(*p!='\n')p++;p++;continue;}
    p+=3;
    uint64_t a=0;int h;while((h=hexv[(uint8_t)*p])){a=a<<4|(uint64_t)(h-1);p++;}
    unsigned z=0;
    if(*p==',')for(p++;*p>='0'&&*p<='9';p++)z=z*10+(unsigned)(*p-'0');
    int whole=*p=='\n'&&z; /* a line cut in mid-record is not */
    while(*p!='\n')p++;
    p++;
    if(whole)out[n++]=rec_pack(a,z,t);
  }
  *used=(size_t)(p-s);
  return n;
}
#endif
#endif
